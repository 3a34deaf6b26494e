package import MainLoop

/// What the admin socket acts on.
@LoopActor
package protocol Administered: AnyObject {
    /// Carries out what an administrator of the machine asks for.
    ///
    /// - Parameter user: the id of the user of the machine who asks.
    func administer(_ request: AdminRequest, by user: UInt32) async -> AdminAnswer
}
