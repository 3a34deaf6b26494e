package import MainLoop
package import Server

/// What the admin socket acts on.
@LoopActor
package protocol Administered: AnyObject {
    func command(_ service: String, _ text: String, by caller: Caller) async throws(AdministrationError) -> ServiceAnswer
}

extension World: Administered {}
