/**
 * Phase auth, as far as it is the same in every protocol: whether the password may travel, what is said where no
 * mechanism fits, and how an exchange runs over whatever carries it. Called by the dialogues of the protocols.
 */
@NullMarked
package io.postwatch.agent.probe.auth;

import org.jspecify.annotations.NullMarked;
