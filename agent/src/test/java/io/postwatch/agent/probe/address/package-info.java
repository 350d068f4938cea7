/** Tests of hosts, ranges and the policy of addresses. */
@NullMarked
package io.postwatch.agent.probe.address;

import org.jspecify.annotations.NullMarked;
