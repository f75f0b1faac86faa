package import Hummingbird

extension Router where Context == EdgeContext {
    /// What happens to every request and its answer, whatever the route. On the way in it runs in this
    /// order, on the way out in the opposite one.
    package func addEdge(
        from client: FindClient,
        counting requests: RequestMetrics,
        beside routes: [EdgeRoute] = []
    ) {
        add(middleware: IdentifyRequest())
        add(middleware: client)
        add(middleware: LogAccess(routine: routes.filter(\.isRoutine)))
        add(middleware: requests)
        add(middleware: OmitHeadBody())
        add(middleware: ReportRateLimit())
    }
}
