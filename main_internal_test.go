package main

import (
	"os"
	"runtime/debug"
	"testing"
)

func TestTheSDKLogsOnlyWhenSomebodyAsksForALog(t *testing.T) {
	for _, test := range []struct{ name, asked, want string }{
		{name: "nobody asks", want: "off"},
		{name: "everything is asked for", asked: "TF_LOG"},
		{name: "the provider is asked for", asked: "TF_LOG_PROVIDER_BITBUCKET"},
		{name: "a file is asked for", asked: "TF_LOG_PATH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"TF_LOG", "TF_LOG_PATH", "TF_LOG_PROVIDER_BITBUCKET", "TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
				t.Setenv(name, "") // so that the test puts it back
				if err := os.Unsetenv(name); err != nil {
					t.Fatal(err)
				}
			}
			if test.asked != "" {
				t.Setenv(test.asked, "TRACE")
			}
			quietSDK()
			for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_SDK_PROTO"} {
				if got := os.Getenv(name); got != test.want {
					t.Errorf("%s is %q, want %q", name, got, test.want)
				}
			}
		})
	}
}

func TestTheCollectorIsRelaxedUnlessSomebodyHasSetIt(t *testing.T) { //nolint:paralleltest // it is about the whole program
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for set, want := range map[string]int{"": 400, "50": 100, "off": 100} {
		t.Setenv("GOGC", set) // which Go itself reads at the start of a program only
		relaxCollector()
		if got := debug.SetGCPercent(100); got != want {
			t.Errorf("with GOGC=%s it is %d, want %d", set, got, want)
		}
	}
}

func TestProtocolDataIsNotWritten(t *testing.T) {
	t.Setenv("TF_LOG_SDK_PROTO_DATA_DIR", t.TempDir())
	forbidProtocolData()
	if folder, set := os.LookupEnv("TF_LOG_SDK_PROTO_DATA_DIR"); set {
		t.Errorf("it would be written to %q", folder)
	}
}
