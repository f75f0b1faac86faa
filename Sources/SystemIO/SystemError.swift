import Glibc
public import NetAddress

/// Why a call of the system failed, as a sentence that says what to do.
public enum SystemError: Error, Equatable, Sendable {
    case portBusy(UInt16)
    case permissionDenied(port: UInt16)
    case addressNotLocal(IPAddress)
    case tooManyOpenFiles
    /// What was asked for it had been shut down before.
    case stopped
    case system(call: String, errno: Int32)

    /// - Parameter status: a negative error number, as CLinux returns them.
    package init(binding listen: ListenAddress, status: Int32) {
        switch (-status, listen.address) {
        case (EADDRINUSE, _):
            self = .portBusy(listen.port)
        case (EACCES, _), (EPERM, _):
            self = .permissionDenied(port: listen.port)
        case (EADDRNOTAVAIL, let address?), (EAFNOSUPPORT, let address?):
            self = .addressNotLocal(address)
        default:
            self.init(call: "bind", status: status)
        }
    }

    package init(call: String, status: Int32) {
        self =
            -status == EMFILE || -status == ENFILE
            ? .tooManyOpenFiles : .system(call: call, errno: -status)
    }
}

extension SystemError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .portBusy(let port):
            "UDP port \(port) is in use; choose another one or stop what listens there"
        case .permissionDenied(let port):
            "UDP port \(port) may not be opened by this user; choose one above 1023"
        case .addressNotLocal(let address):
            "\(address) is not an address of this host; listen on one that is, or on all"
        case .tooManyOpenFiles:
            "no more sockets can be opened; raise the limit of open files (ulimit -n)"
        case .stopped:
            "what was asked for it was shut down"
        case .system(let call, let errno):
            "\(call) failed: \(String(cString: strerror(errno)))"
        }
    }
}

/// The value of a CLinux call that returns a negative error number on failure.
@discardableResult
package func checked(_ call: String, _ status: Int32) throws(SystemError) -> Int32 {
    guard status >= 0 else { throw SystemError(call: call, status: status) }
    return status
}
