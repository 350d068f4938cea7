/**
 * Good servers and hostile ones probed at once in one small heap: what the hostile ones cost the good. Called by the
 * command line and by the test that shows the prober's bounds.
 */
@NullMarked
package io.postwatch.bench.hostile;

import org.jspecify.annotations.NullMarked;
