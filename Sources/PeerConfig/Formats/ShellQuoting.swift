extension String {
    /// One word of a POSIX shell, whatever is in it.
    package var quotedForShell: String {
        "'" + replacing("'", with: "'\\''") + "'"
    }
}
