/// What `wgw apply` is given by tests to which only the peers matter.
enum OneGateway {
    static func declaration(peers: [String]) -> String {
        """
        version: 1
        networks:
        - name: office
        gateways:
        - name: berlin
          network: office
          region_code: local
        peers:

        """ + peers.map { "- {name: \($0), gateway: berlin}\n" }.joined()
    }
}
