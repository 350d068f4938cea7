/** Tests of the test server: what others rely on when they test with it. */
@NullMarked
package io.postwatch.testserver;

import org.jspecify.annotations.NullMarked;
