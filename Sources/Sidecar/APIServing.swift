package import MainLoop
package import Server
package import Store

/// What the routes of the API for programs need of the IRC side.
@LoopActor
package protocol APIServing: AnyObject {
    func serverView() -> ServerView
    func clientViews(_ page: PageRequest, for token: APIToken) -> Page<ClientView>
    func clientView(_ nick: String, for token: APIToken) -> ClientView?
    func channelViews(_ page: PageRequest, for token: APIToken) -> Page<ChannelView>
    func channelView(_ name: String, for token: APIToken) -> ChannelView?
    func memberViews(of name: String, _ page: PageRequest, for token: APIToken) -> Page<MemberView>?
    func messageViews(of name: String, _ place: MessagePlace, limit: Int, for token: APIToken) async throws -> Page<MessageView>?
    func accountViews(_ page: PageRequest) async throws -> Page<AccountView>
    func accountView(_ name: String) async throws -> AccountView?
    func banViews(limit: Int, after number: Int64?) -> Page<BanView>
    func banView(_ number: Int64) -> BanView?
    func auditViews(limit: Int, before number: Int64?) async throws -> Page<AuditView>
    func say(_ text: String, isNotice: Bool, in name: String, by token: APIToken) throws(ProgramRefusal) -> SaidView
    func setTopic(_ text: String, of name: String, by token: APIToken) throws(ProgramRefusal) -> ChannelView
    func kick(_ nick: String, from name: String, reason: String?, by token: APIToken) throws(ProgramRefusal)
    func closableChannel(_ name: String, for token: APIToken) -> String?
    func disconnect(_ nick: String, reason: String?, by token: APIToken) throws(ProgramRefusal)
}
