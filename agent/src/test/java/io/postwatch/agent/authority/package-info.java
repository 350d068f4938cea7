/** A certificate authority for tests. Used by the tests of identity and link. */
@NullMarked
package io.postwatch.agent.authority;

import org.jspecify.annotations.NullMarked;
