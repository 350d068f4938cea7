/** Tests of the port: what its records refuse. */
@NullMarked
package io.postwatch.agent.probe;

import org.jspecify.annotations.NullMarked;
