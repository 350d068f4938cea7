/** Tests of the POP3 dialogue's parts. */
@NullMarked
package io.postwatch.agent.probe.pop3;

import org.jspecify.annotations.NullMarked;
