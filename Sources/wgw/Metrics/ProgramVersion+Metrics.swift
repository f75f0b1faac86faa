import CommandLineProgram
import HTTPEdge

extension ProgramVersion {
    /// The usual gauge of 1, whose labels are what it tells.
    var family: MetricFamily {
        var family = MetricFamily(
            "wgw_build_info",
            .gauge,
            "The version that runs, and its commit."
        )
        family.add(1, [(name: "version", value: number), (name: "commit", value: commit)])
        return family
    }
}
