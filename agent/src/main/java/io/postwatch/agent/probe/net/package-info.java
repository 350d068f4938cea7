/**
 * Names, addresses and sockets of a run: bounded resolution, connections that obey the deadline, and the record of what
 * was found and said. Called by the dialogues and the prober; knows no protocol.
 */
@NullMarked
package io.postwatch.agent.probe.net;

import org.jspecify.annotations.NullMarked;
