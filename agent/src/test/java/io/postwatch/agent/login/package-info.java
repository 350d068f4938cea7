/** Tests of the login lease and of pauses after refusals. */
@NullMarked
package io.postwatch.agent.login;

import org.jspecify.annotations.NullMarked;
