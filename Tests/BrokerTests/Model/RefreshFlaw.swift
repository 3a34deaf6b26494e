/// A mistake around the machine, for the proof that the walk through all worlds finds it.
enum RefreshFlaw: CaseIterable {
    /// That a token is about to be sent is not written down.
    case forgetsTheNote
    /// An answer is refused as a whole before its token is stored.
    case checksBeforeItStores
    /// A rotation counts as stored although it is not on disk yet.
    case answersBeforeItIsStored
    /// What the database did not take is forgotten when the caller was answered.
    case dropsTheUnsaved
    /// A second caller begins a refresh of its own.
    case doesNotJoin
    /// An open outcome, as of a 500, is taken for the end.
    case takesDoubtForDeath
    /// A server that refuses the client is taken for the end.
    case takesTheClientForTheSession
    /// A look-up that fails is taken for the end.
    case takesSilenceForDeath
    /// Tries again at once.
    case doesNotWait

    /// What the shortest way to trouble ends with.
    var symptom: String {
        switch self {
        case .forgetsTheNote: "a token is sent that is not noted on disk"
        case .checksBeforeItStores, .dropsTheUnsaved: "a used token is sent although the answer had come"
        case .answersBeforeItIsStored: "503, but the access token is in force"
        case .doesNotJoin, .doesNotWait: "a token is sent while the session is to be left alone"
        case .takesDoubtForDeath, .takesTheClientForTheSession, .takesSilenceForDeath: "401, but the server has the session"
        }
    }
}
