/** Tests of what IMAP servers say. */
@NullMarked
package io.postwatch.agent.probe.imap;

import org.jspecify.annotations.NullMarked;
