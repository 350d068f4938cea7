package io.postwatch.controller.web;

import java.io.IOException;

/** More bytes came than a body may have. */
final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1;
}
