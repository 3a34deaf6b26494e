package import MainLoop
package import Server

/// What the admin socket acts on.
@LoopActor
package protocol Administered: AnyObject {
    func administer(_ service: String, _ text: String, by administrator: String) async throws(AdministrationError) -> [String]
}

extension World: Administered {}
