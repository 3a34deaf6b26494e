import Accounts
import Broker
import Server
import Store

/// The page on which people see and end what acts for them: their logins on the web and the passwords of their devices.
struct AccountPage {
    static let path = "/account"

    /// The name of the network.
    let network: String
    let account: OwnAccount
    let own: OwnWebLogins
    let devices: [DevicePasswordRecord]
    /// For all forms of the page.
    let check: FormCheck
    /// Milliseconds since 1970.
    let now: Int64

    /// - Parameter news: what was just done.
    func page(news: [HTMLPage.Part] = []) -> HTMLPage {
        var page = HTMLPage(title: "Your account at \(network)", parts: news)
        page.parts.append(.paragraph("You are signed in" + (own.handle.map { " as \($0)" } ?? "") + "."))
        page.parts.append(form("sign-out", button: "Sign out"))
        page.parts += identity
        page.parts.append(.heading("Where you are signed in"))
        for login in own.all where login.endedBecause == nil {
            page.parts.append(.paragraph(describe(login)))
            if login.id != own.current { page.parts.append(form("sessions/\(login.id)/end", button: "Sign out there")) }
        }
        page.parts.append(form("sessions/end", button: "Sign out everywhere else"))
        page.parts.append(.heading("Device passwords"))
        page.parts.append(
            .paragraph(
                "A chat client that cannot sign in with your account logs in with a password of its own. It is shown once, and works until "
                    + "you end it here."))
        for device in devices {
            page.parts.append(.paragraph(describe(device)))
            page.parts.append(form("devices/\(device.name)/end", button: "End it"))
        }
        page.parts.append(
            form(
                "devices",
                inputs: [
                    .init(name: "name", label: "Name of the device"),
                    .init(name: "days", label: "Days it is good for (empty: until you end it)", isNumber: true, isRequired: false),
                ], button: "Make a device password"))
        page.formTargets = "'self'"
        return page
    }

    /// What the account is called, and what is linked to it.
    private var identity: [HTMLPage.Part] {
        let did = account.did ?? account.name
        guard account.isLinked else { return [.paragraph("Your account here is your identity: \(did).")] }
        return [
            .heading("Your account \(account.name)"),
            .paragraph(
                "\(did)\((account.handle ?? own.handle).map { " (\($0))" } ?? "") is linked to it and opens it. When you take that off, its "
                    + "logins end, this one too, and the connections that rest on it are closed. The account needs a password or a "
                    + "certificate for that."),
            form("identity/end", button: "Take the identity off the account"),
        ]
    }

    private func form(_ action: String, inputs: [HTMLPage.Input] = [], button: String) -> HTMLPage.Part {
        .form(action: "\(Self.path)/\(action)", fields: [("check", check.text)], inputs: inputs, button: button)
    }

    private func describe(_ login: WebLogin) -> String {
        let place = [login.place.agent, login.place.address.map { "from \($0)" }].compactMap { $0 }.joined(separator: ", ")
        return "\(login.name ?? "Login \(login.number)")\(login.id == own.current ? " (this one)" : "")"
            + (place.isEmpty ? "" : ": \(place)") + ", since \(Router.text(login.createdAt)), last used \(Router.text(login.usedAt))"
    }

    private func describe(_ device: DevicePasswordRecord) -> String {
        let used = device.lastUsedAt.map { "last used \(Router.text($0))" } ?? "never used"
        let end = device.expiresAt.map { ", \($0 > now ? "ends" : "ended") \(Router.text($0))" } ?? ""
        return "\(device.name): since \(Router.text(device.createdAt)), \(used)\(end)"
    }
}
