/**
 * The base of the REST API: problem details, paging, permissions, OpenAPI, server-sent events, and the console's files. Every module with REST resources uses it.
 */
@ApplicationModule(allowedDependencies = {"shared", "scope", "home", "peers"})
@NullMarked
package io.postwatch.controller.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
