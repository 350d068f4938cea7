/**
 * The two gates before the database: how many agents are let in and how many batches are stored at once, and whose turn is
 * next. They know agents, lanes and the end of a session, and nothing of what they let pass.
 */
@NullMarked
package io.postwatch.controller.gateway.gate;

import org.jspecify.annotations.NullMarked;
