package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// adminErrors are the errors of the organization API itself by their codes, whose third number from the end is the status
// (specification).
var adminErrors = map[string]string{
	"ADMIN-400-1":     "Invalid page cursor",
	"ADMIN-400-4":     "Invalid resource",
	"ADMIN-400-24":    "Invalid request body",
	"ADMIN-403-5":     "Not allowed to manage the group",
	"ADMIN-403-6":     "Not allowed to delete group with default-role attribute",
	"ADMIN-404-1":     "Unknown resource",
	"ADMIN-404-2":     "Organization not found",
	"ADMIN-404-8":     "User not found",
	"ADMIN-404-10":    "Group not found",
	"ADMIN-409-3":     "License limit exceeded",
	"ADMIN-409-28":    "Conflict",
	"ADMIN-UAM-400-3": "Invalid Role for Resource",
	"ADMIN-UAM-402-1": "Payment Required",
	"ADMIN-UAM-404-1": "Unknown Resource",
	"ADMIN-UAM-404-3": "Group Not Found",
	"ADMIN-UAM-409-3": "Product License Limit Exceeded",
}

// failAdmin is an error of the organization API itself; the status in the body is a string.
func failAdmin(code string) answerError { return failDetail(code, "%s", adminErrors[code]) }

// failDetail is failAdmin with more to say than the title.
func failDetail(code, detail string, args ...any) answerError {
	status := strings.Split(code, "-")[strings.Count(code, "-")-1]
	number, err := strconv.Atoi(status)
	if err != nil || adminErrors[code] == "" {
		panic("simulator: no error " + code)
	}
	return answerError{answer{status: number, body: object{"errors": []any{object{
		"id": uuidOf("error", code), "status": status, "code": code, "title": adminErrors[code], "detail": fmt.Sprintf(detail, args...),
	}}}}}
}

// bare is an error of the API itself without the list around it: what the search for workspaces answers (specification).
func (f answerError) bare() answerError {
	if list, isList := f.body.(object)["errors"].([]any); isList {
		f.body = list[0]
	}
	return f
}

// failGateway is an error of what stands in front of the organization API.
func failGateway(status int, message string) answerError {
	return answerError{answer{status: status, body: object{"code": status, "message": message}}}
}

// noPermission is the 403 of the gateway (recorded answer, 2025-06).
func (x *exchange) noPermission() answerError {
	return answerError{answer{status: http.StatusForbidden, body: object{
		"timestamp": x.s.options.Now().UTC().Format("2006-01-02T15:04:05.000-07:00"), "path": "/api" + x.r.URL.Path,
		"status": http.StatusForbidden, "error": "Forbidden", "message": "User has no permission to access resource.",
		"requestId": uuidOf("request", x.r.URL.Path)[:8],
	}}}
}

// adminForm reads the JSON body of a write on an organization; wrong says what is wrong with it.
func (x *exchange) adminForm(known ...string) *form {
	f, err := x.form()
	if err != nil {
		return &form{err: err}
	}
	return f.only(known...)
}

// wrong is the 400 for a body of which the first thing that is wrong was found.
func (f *form) wrong() error {
	if f.err == nil {
		return nil
	}
	return failDetail("ADMIN-400-24", "%s", plain(f.err))
}

// plain is the message of an error, also of one in Bitbucket's form.
func plain(err error) string {
	if f, bitbucket := errors.AsType[answerError](err); bitbucket {
		return fmt.Sprint(f.body.(object)["error"].(object)["message"])
	}
	return err.Error()
}

// required reads a string that must be there and not blank.
func (f *form) required(key string) string {
	var value string
	f.text(key, &value)
	if f.err == nil && strings.TrimSpace(value) == "" {
		f.err = fmt.Errorf("%s is required", key)
	}
	return value
}
