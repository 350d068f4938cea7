package io.postwatch.controller.web;

import io.postwatch.controller.web.problem.Problem;
import io.postwatch.controller.web.problem.ProblemCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the servlet container refuses by itself becomes a problem too. */
@RestController
class ErrorPage implements ErrorController {
    @RequestMapping("${server.error.path:/error}")
    @ForAnybody
    ResponseEntity<Problem> problem(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        ProblemCode code = status instanceof Integer number ? ProblemCode.ofStatus(number) : ProblemCode.NOT_FOUND;
        return Problem.answer(code, null, List.of(), new HttpHeaders());
    }
}
