import IRCProtocol
import MainLoop
import Store

/// What the founder of a channel decides, one row each: how it is read and shown.
struct ChannelSetting: Sendable {
    let name: String
    let values: String
    let purpose: String
    let show: @LoopActor @Sendable (Channel) -> String
    /// Takes the value over; returns why not.
    let set: @LoopActor @Sendable (ServiceRequest, Channel, String) -> String?

    static let all: [ChannelSetting] = [
        ChannelSetting(
            name: "MLOCK", values: "<modes>|OFF", purpose: "modes that nobody may change, such as +nt-s",
            show: { $0.registration?.lock?.text ?? "OFF" }, set: setModeLock),
        ChannelSetting(
            name: "SUCCESSOR", values: "<account>|OFF", purpose: "who gets the channel when your account is deleted",
            show: { $0.registration?.successor ?? "OFF" },
            set: { _, channel, value in
                channel.registration?.successor = value.uppercased() == "OFF" ? nil : value
                return nil
            }),
        ChannelSetting(
            name: "HISTORY", values: "ON|OFF|DEFAULT", purpose: "whether what is said is kept",
            show: { $0.history.isOn.map { $0 ? "ON" : "OFF" } ?? "DEFAULT" },
            set: { _, channel, value in
                switch value.uppercased() {
                case "ON": channel.history.isOn = true
                case "OFF": channel.history.isOn = false
                case "DEFAULT": channel.history.isOn = nil
                default: return "Expected ON, OFF or DEFAULT"
                }
                return nil
            }),
        ChannelSetting(
            name: "KEEPMESSAGES", values: "<number>|DEFAULT", purpose: "how many messages are kept",
            show: { $0.history.messages.map(String.init) ?? "DEFAULT" },
            set: { _, channel, value in number(value, 1...10_000_000) { channel.history.messages = $0 } }),
        ChannelSetting(
            name: "KEEPDAYS", values: "<days>|DEFAULT", purpose: "after how many days messages are deleted",
            show: { $0.history.days.map(String.init) ?? "DEFAULT" },
            set: { _, channel, value in number(value, 1...36_500) { channel.history.days = $0 } }),
    ]

    static var help: [String] { all.map { "\($0.name) \($0.values): \($0.purpose)" } }

    static func named(_ name: String) -> ChannelSetting? { all.first { $0.name == name.uppercased() } }

    private static func number(_ text: String, _ range: ClosedRange<Int>, _ take: (Int?) -> Void) -> String? {
        if text.uppercased() == "DEFAULT" {
            take(nil)
            return nil
        }
        guard let number = Int(text), range.contains(number) else {
            return "Expected a number from \(range.lowerBound) to \(range.upperBound), or DEFAULT"
        }
        take(number)
        return nil
    }
}

@LoopActor
func setChannel(_ request: ServiceRequest) {
    guard let setting = ChannelSetting.named(request[1] ?? "") else {
        return request.refuse(
            "There is no setting \((request[1] ?? "").asParameter): \(ChannelSetting.all.map(\.name).joined(separator: ", "))")
    }
    guard let (channel, _) = request.managed(from: .founder) else { return }
    if setting.name == "SUCCESSOR", request[2]?.uppercased() != "OFF" {
        return request.withAccount(request[2] ?? "") { account in if request.managed(from: .founder) != nil { apply(account.name) } }
    }
    apply(request.text(from: 2))

    func apply(_ value: String) {
        if let refusal = setting.set(request, channel, value) { return request.refuse(refusal) }
        request.world.keep(channel)
        request.stored("\(setting.name) of \(channel.name.text) is \(setting.show(channel)) now")
    }
}

@LoopActor
func getChannel(_ request: ServiceRequest) {
    guard let (channel, _) = request.managed(from: .voice) else { return }
    let wanted = request[1].map { $0.uppercased() }
    let settings = ChannelSetting.all.filter { wanted == nil || $0.name == wanted }
    guard !settings.isEmpty else { return request.refuse("There is no setting \((wanted ?? "").asParameter)") }
    for setting in settings { request.say("\(setting.name): \(setting.show(channel))") }
}

/// Takes the lock over and makes the channel as it says.
@LoopActor
private func setModeLock(_ request: ServiceRequest, _ channel: Channel, _ value: String) -> String? {
    guard value.uppercased() != "OFF" else {
        channel.registration?.lock = nil
        return nil
    }
    guard let lock = ModeLock(value), value.utf8.count <= 100 else {
        return "Expected modes such as +nt-s, with their parameters behind; lists and ranks cannot be locked"
    }
    var (modes, done) = (channel.modes, ModeText())
    let limits = request.world.configuration.limits
    for change in lock.changes {
        let mode = change.mode
        if let client = request.client, !Permissions.change(mode, by: client) { return "\(mode.rawValue) is for operators of the server" }
        switch mode.kind {
        case .flag:
            if modes.set(mode, change.adding) { done.append(adding: change.adding, letter: mode.rawValue) }
        case _ where !change.adding:
            guard modes.parameter(mode) != nil else { continue }
            modes.clear(mode)
            done.append(adding: false, letter: mode.rawValue, parameter: mode == .key ? "*" : nil)
        default:
            let before = modes.parameter(mode)
            guard mode != .forward else { return "A forward cannot be locked" }
            if mode == .key {
                guard let key = change.parameter, ChannelModes.isKey(key, limit: limits.key) else {
                    return "The key is not well-formed"
                }
                modes.key = key
            } else {
                guard modes.set(mode, to: change.parameter ?? "", nameLimit: limits.channel) else {
                    return "The parameter of \(mode.rawValue) makes no sense"
                }
            }
            if modes.parameter(mode) != before {
                done.append(adding: true, letter: mode.rawValue, parameter: modes.parameter(mode))
            }
        }
    }
    let wasDelayed = channel.modes.contains(.delayedJoin)
    channel.registration?.lock = lock
    channel.modes = modes
    if !done.isEmpty { request.changeModes(of: channel, [done.letters] + done.parameters) }
    if wasDelayed, !channel.modes.contains(.delayedJoin) {
        for member in channel.members where member.isUnseen { request.world.reveal(member.client, in: channel) }
    }
    return nil
}
