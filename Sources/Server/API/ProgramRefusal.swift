/// Why something that a program asked for was not done.
package enum ProgramRefusal: Error, Equatable {
    /// Or the token is not for it.
    case noSuchChannel
    case noSuchPerson
    /// The person is not in the channel.
    case notInside
    /// What was asked makes no sense, and why.
    case senseless(String)
    /// It is not to be, and why.
    case refused(String)
    case tooFast(wait: Duration)
}
