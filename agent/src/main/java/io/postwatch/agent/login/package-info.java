/**
 * Whether a run may log in: the lease that the controller gives for each run, and the hour for which a refused credential is
 * left alone, whatever a controller says. Asked by schedule; link brings the controller's answers.
 */
@NullMarked
package io.postwatch.agent.login;

import org.jspecify.annotations.NullMarked;
