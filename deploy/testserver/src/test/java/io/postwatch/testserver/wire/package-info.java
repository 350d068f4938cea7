/** Tests of packets without a network. They prove that what is seeded comes out the same again. */
@NullMarked
package io.postwatch.testserver.wire;

import org.jspecify.annotations.NullMarked;
