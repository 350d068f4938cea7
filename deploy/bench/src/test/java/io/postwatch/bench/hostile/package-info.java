@NullMarked
package io.postwatch.bench.hostile;

import org.jspecify.annotations.NullMarked;
