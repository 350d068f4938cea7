/** Tests of the swarm's agents; called by nobody. */
@NullMarked
package io.postwatch.bench.swarm;

import org.jspecify.annotations.NullMarked;
