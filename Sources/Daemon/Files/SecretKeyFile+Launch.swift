import Settings
import Store

extension Launch {
    /// Where the master key is: the credential that the settings name, else a file in the data directory.
    ///
    /// - Throws: ``StartError`` when there are no credentials.
    func keyFile(in data: DataDirectory) throws(StartError) -> SecretKeyFile {
        guard let name = settings.data.keyCredential else { return SecretKeyFile(data.secretKey) }
        guard let credentials else {
            throw StartError(
                "data.key_credential", "$CREDENTIALS_DIRECTORY is not set, so there is no credential \(name)",
                remedy: "start roost by its unit, with LoadCredential=\(name):/path/to/secret.key in it")
        }
        return SecretKeyFile(credentials + "/" + name, owner: .systemd)
    }
}

extension StartError {
    /// What is wrong with the master key; nil when it is something else.
    init?(opening file: SecretKeyFile, _ error: any Error) {
        switch error {
        case let error as SecretKeyFileError: self.init(error)
        case let error as SecretBoxError: self.init(file.path, error.description, remedy: "restore both files from one backup")
        default: return nil
        }
    }
}
