extension Setting {
    static let operatorKeys: [Setting] = [
        Setting(
            "operators", "classes", \.operators.classes, Format<OperatorClass>.operatorClasses, .reload,
            "Classes of operators, each with what it lets them do.",
            detail:
                "Sections `[[operators.classes]]` with `name`, `may`, `extends`, `whois_line` and `notices`: a class has what it names in `may`, and "
                + "what the class has that it extends. `whois_line` stands in WHOIS in place of \"is an IRC operator\"; `notices` is what they "
                + "are told of until they change that with MODE +s."),
        Setting(
            "operators", "assigned", \.operators.assigned, Format<OperatorAssignment>.assignment.list(atMost: 256), .reload,
            "Which class an operator has: the name of a local account or a DID, and a class, such as \"alice helper\".",
            detail: "This makes nobody an operator: `accounts.operators` and `roost account add --operator` do."),
        Setting(
            "operators", "default_class", \.operators.defaultClass, Format<String>.word.optional, .reload,
            "The class of operators that are not in `assigned`. Without it they may do everything, as those of the class `full` do."),
    ]
}
