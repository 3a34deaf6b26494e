import Server
package import Sidecar
import Store

extension Daemon: Monitored {
    package func readiness() async -> Readiness {
        let disk = ground.historyWriter.isFailing ? .failing : await diskProbe.state()
        return Readiness([
            "listeners": ports.areOpen ? "ok" : "closed",
            "database": disk.rawValue,
            "server": isStopped || stopRequest != nil ? "stopping" : world.isDraining ? "draining" : "ok",
        ])
    }
}
