package io.postwatch.agent.link;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import java.util.concurrent.atomic.AtomicInteger;

/** How many connections a server has had open at once. */
final class CountedConnections extends ServerTransportFilter {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    int most() {
        return most.get();
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
        return attributes;
    }

    @Override
    public void transportTerminated(Attributes attributes) {
        open.decrementAndGet();
    }
}
