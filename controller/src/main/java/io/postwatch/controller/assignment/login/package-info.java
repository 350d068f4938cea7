/**
 * The login lease, by which one run at a time logs in to a mailbox, and what becomes of a credential that servers refuse.
 * Asked by gateway for agents, told by evaluation what runs found, read by status and monitortest.
 */
@NamedInterface("login")
@NullMarked
package io.postwatch.controller.assignment.login;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
