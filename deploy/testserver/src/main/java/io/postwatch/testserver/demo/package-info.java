/** The test server as a program: the servers of the demo on 127.0.0.1. Nobody calls it from Java. */
@NullMarked
package io.postwatch.testserver.demo;

import org.jspecify.annotations.NullMarked;
