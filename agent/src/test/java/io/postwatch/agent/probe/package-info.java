/** Tests of the port: what the records refuse, what the policy denies, when the deadline strikes. */
@NullMarked
package io.postwatch.agent.probe;

import org.jspecify.annotations.NullMarked;
