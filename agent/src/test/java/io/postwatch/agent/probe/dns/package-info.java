/** Tests of name lookups against a scripted server of names, which those of whole runs use as well. */
@NullMarked
package io.postwatch.agent.probe.dns;

import org.jspecify.annotations.NullMarked;
