package import MainLoop

/// What the admin socket acts on.
@LoopActor
package protocol Administered: AnyObject {
    /// Carries out what an administrator of the machine asks for.
    func administer(_ request: AdminRequest) async -> AdminAnswer
}
