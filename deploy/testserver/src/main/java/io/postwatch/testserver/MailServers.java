package io.postwatch.testserver;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The servers of one test: closed after it, and their own failures fail it.
 *
 * <p>{@code @RegisterExtension final MailServers servers = new MailServers();} and in a test {@code
 * servers.start(TestServer.smtp())}. Used by one thread.
 */
public final class MailServers implements AfterEachCallback {

    private final List<TestServer> started = new ArrayList<>();

    /** Starts a server on any free port of 127.0.0.1. */
    public TestServer start(WireScript<?> script) throws IOException {
        TestServer server = script.start();
        started.add(server);
        return server;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        closeAll();
    }

    /** Closes what was started; fails with what failed in it. */
    void closeAll() {
        started.forEach(TestServer::close);
        List<Throwable> failures =
                started.stream().flatMap(server -> server.failures().stream()).toList();
        started.clear();
        if (!failures.isEmpty()) {
            AssertionError failed = new AssertionError("a test server failed: " + failures.getFirst());
            failures.forEach(failed::addSuppressed);
            throw failed;
        }
    }
}
