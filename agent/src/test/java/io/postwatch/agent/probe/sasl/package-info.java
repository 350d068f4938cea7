/** Tests of the client's side of the mechanisms, of the choice among them, and of what a login must not show. */
@NullMarked
package io.postwatch.agent.probe.sasl;

import org.jspecify.annotations.NullMarked;
