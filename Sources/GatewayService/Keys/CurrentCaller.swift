import GatewayDomain
import GatewayStore

extension ControlPlane {
    /// The caller of an earlier request as it is now; nil where what it has shown does not open that any more.
    func current(_ caller: Caller) async throws -> Caller? {
        let time = now()
        do {
            return try await store.read { db in try caller.current(at: time, db) }
        } catch ServiceError.callerIsGone, ServiceError.organizationSuspended,
            ServiceError.forbidden, ServiceError.restrictedKey, ServiceError.notFound
        {
            return nil
        }
    }
}

extension Caller {
    /// The caller with the role and the networks that it has now. Between the head of a request and its
    /// body there may be seconds, in which its key is revoked or its session ends.
    ///
    /// - Throws: `callerIsGone` or `organizationSuspended`, and what an admin who acts for another
    ///   organization is refused with.
    func current(at time: Timestamp, _ db: any SQLConnection) throws -> Caller {
        var caller = try proven(at: time, db)
        if organizationID != ownOrganizationID {
            caller = try caller.acting(for: organizationID, db)
        }
        caller.requestID = requestID
        return caller
    }

    /// As `current`, in its own organization.
    func proven(at time: Timestamp, _ db: any SQLConnection) throws -> Caller {
        guard let (caller, isActive) = try found(at: time, db) else {
            throw ServiceError.callerIsGone
        }
        guard isActive else { throw ServiceError.organizationSuspended }
        return caller
    }

    func acting(for organization: OrganizationID, _ db: any SQLConnection) throws -> Caller {
        try require(.unrestricted(.admin))
        guard try Organizations.isStored(organization, db) else { throw ServiceError.notFound }
        return acting(for: organization)
    }

    /// Also whether the organization is active.
    private func found(
        at time: Timestamp,
        _ db: any SQLConnection
    ) throws -> (caller: Caller, isActive: Bool)? {
        if let sessionID {
            guard let session = try Sessions.find(sessionID, of: ownOrganizationID, db),
                !session.hasExpired(at: time), let caller = try session.caller(at: time, db)
            else { return nil }
            return (caller, try Organizations.isActive(ownOrganizationID, db))
        }
        guard case .apiKey(let id) = principal,
            let (key, isActive) = try APIKeys.findActing(id, of: ownOrganizationID, db),
            !key.hasExpired(at: time)
        else { return nil }
        return (Caller(key), isActive)
    }
}
