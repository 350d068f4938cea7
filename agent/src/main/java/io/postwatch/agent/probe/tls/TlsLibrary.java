package io.postwatch.agent.probe.tls;

import java.util.OptionalInt;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * A library that speaks TLS. What a server is and what is wrong with it must not depend on which: {@link TlsClient}
 * reads the records and judges the chain itself.
 *
 * <p>Called by many runs at once. Engines are clients of TLS 1.2 and newer that have
 * {@link ChainCapture#trustManager()} asked about the server's chain and resume no session.
 */
public interface TlsLibrary {

    /** For people. */
    String name();

    /** A new engine for one handshake; to be released by whoever opened it, once. */
    SSLEngine open();

    /** Lets go of what an engine holds outside the heap. It is not used afterwards. */
    void release(SSLEngine engine);

    /** The code of the server's alert of which a failure of an engine tells; empty where it tells of none. */
    OptionalInt alertOf(SSLException failure);
}
