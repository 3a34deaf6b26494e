import NIOCore

/// Runs the peer's tasks on the peer's own event loop, so that a busy or blocked thread pool of the test run never
/// holds up an answer.
final class PeerExecutor: TaskExecutor {
    let loop: any EventLoop

    init(loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
