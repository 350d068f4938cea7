/**
 * How bytes leave the server, below TLS and above it: in packets of any size, and cut where told. Knows nothing of the
 * rest of the test server.
 */
@NullMarked
package io.postwatch.testserver.wire;

import org.jspecify.annotations.NullMarked;
