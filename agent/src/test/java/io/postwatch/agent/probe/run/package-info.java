/** Tests of whole runs against a scripted server, and of the rule that makes one status of what was found. */
@NullMarked
package io.postwatch.agent.probe.run;

import org.jspecify.annotations.NullMarked;
