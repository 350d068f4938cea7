/** Tests of the judgement of chains. */
@NullMarked
package io.postwatch.agent.probe.tls;

import org.jspecify.annotations.NullMarked;
