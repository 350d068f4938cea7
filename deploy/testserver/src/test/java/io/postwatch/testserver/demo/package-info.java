/** Tests of what the demo's servers are known for. They start none. */
@NullMarked
package io.postwatch.testserver.demo;

import org.jspecify.annotations.NullMarked;
