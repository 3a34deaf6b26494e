/// Where the database names a person, and what becomes of that when the account is deleted or the person erased. A test goes over
/// all columns: whoever adds one says there, or here, whether it is one of these.
struct PersonalColumn: Sendable {
    enum Fate: Sendable {
        /// The row goes with the account.
        case goesWithAccount
        /// The row goes when the person is erased.
        case goesWithPerson
        /// The row stays without the name when the person is erased.
        case emptied
    }

    let table: String
    let column: String
    let fate: Fate
    /// Whether names stand there folded. Elsewhere they are compared without regard to case, which takes a look at every row.
    var isFolded = true
    /// What else must hold for the row to be meant.
    var condition = "1"

    /// Which rows are meant, in SQL with the folded name as the first argument.
    var isMeant: String { "\(column) = ?1\(isFolded ? "" : " COLLATE NOCASE") AND \(condition)" }

    static let all = [
        PersonalColumn(table: "account", column: "folded", fate: .goesWithAccount),
        PersonalColumn(table: "metadata", column: "owner", fate: .goesWithAccount),
        PersonalColumn(table: "read_marker", column: "account", fate: .goesWithAccount),
        PersonalColumn(table: "nickname", column: "account", fate: .goesWithAccount),
        PersonalColumn(table: "account_certificate", column: "account", fate: .goesWithAccount),
        PersonalColumn(table: "device_password", column: "account", fate: .goesWithAccount),
        PersonalColumn(table: "mailed_code", column: "account", fate: .goesWithAccount),
        PersonalColumn(table: "push_subscription", column: "account", fate: .goesWithAccount, isFolded: false),
        PersonalColumn(table: "record", column: "key", fate: .goesWithAccount, condition: "kind = 'presence'"),
        PersonalColumn(table: "read_marker", column: "target", fate: .goesWithPerson),
        PersonalColumn(table: "correspondence", column: "correspondent", fate: .goesWithPerson),
        PersonalColumn(table: "correspondence", column: "name", fate: .goesWithPerson, isFolded: false),
        PersonalColumn(table: "invite_code", column: "created_by", fate: .emptied, isFolded: false),
    ]
}
