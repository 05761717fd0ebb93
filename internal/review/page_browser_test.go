package review_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"

	"github.com/bitbucket-access/terraform-provider-bitbucket/internal/access"
)

func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	browser := start(t)
	medium := large(150, 150)
	smallPage, mediumPage := render(t, "Access to acme", small()), render(t, "Access to acme", medium)

	t.Run("shows what people have", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		cellsSayWhatPeopleHave(t, b, small())
		if want := "6 people × 5 repositories: 21 permissions"; b.shown() != want {
			t.Errorf("the page says %q, want %q", b.shown(), want)
		}
		b.scheme("dark")
		b.screenshot("small-dark")
	})
	t.Run("says why", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		b.click("Grace Hopper on api: write, with a finding")
		b.says("Grace Hopper on api", "write", "2 paths", "create-repo on project acme/PLAT through group Developers", "read on repository acme/api", "1 finding")
		if deciding := value[string](b, `document.querySelector("#panel .decides").firstChild.data`); !strings.HasPrefix(deciding, "create-repo ") {
			t.Errorf("the path that decides is %q", deciding)
		}
		b.screenshot("small-panel")
		b.click("Dennis Ritchie: everything that this person has")
		b.says("Dennis Ritchie", "not in the workspace", "write: 1 repository", "gateway")
		b.click("storefront in project WEB: everybody who has access")
		b.says("storefront", "everybody: it is public", "admin: 1 person", "Ada Lovelace", "write: 3 people", "read: 1 person")
		b.click("Project WEB Website: show it alone")
		if want := "6 people × 2 of 5 repositories: 8 permissions"; b.shown() != want {
			t.Errorf("the page says %q, want %q", b.shown(), want)
		}
	})
	t.Run("lists findings, which lead to the matrix", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		if n := value[int](b, `document.querySelectorAll("table.findings tbody tr").length`); n != 4 {
			t.Errorf("there are %d findings, want 4", n)
		}
		value[bool](b, `(document.querySelector("table.findings a").click(), true)`)
		want := "1 of 6 people × 1 of 5 repositories: 1 permission"
		if got := b.until(func(shown string) bool { return shown == want }); got != want {
			t.Errorf("the first finding leads to %q, want %q", got, want)
		}
		value[bool](b, fmt.Sprintf(`(document.querySelector("a[href='#finding=%s']").click(), true)`, access.Public))
		want = "6 people × 1 of 5 repositories: 5 permissions"
		if got := b.until(func(shown string) bool { return shown == want }); got != want {
			t.Errorf("public repositories lead to %q, want %q", got, want)
		}
	})
	t.Run("tells levels, findings and people apart", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, render(t, "Access to acme", mixed()), 1280, 900)
		levelsNobodyKnowsAreShown(t, b)
		findingsAreLookedForInWhatIsLeft(t, b)
		findingsLeadToOnePerson(t, b)
		for _, scheme := range []string{"light", "dark"} {
			b.link("#", "6 people × 4 repositories: 9 permissions")
			b.scheme(scheme)
			b.contrasts(scheme)
		}
	})
	t.Run("filters", func(t *testing.T) {
		t.Parallel()
		filtersLeaveWhatTheyAskFor(t, open(t, browser, mediumPage, 700, 500), medium)
	})
	t.Run("shows a large workspace", func(t *testing.T) {
		t.Parallel()
		e := large(500, 500)
		b := open(t, browser, render(t, "Access to acme", e), 1280, 900)
		b.screenshot("large-light")
		b.set("person", "Hopper")
		filter := map[string]string{"person": "Hopper", "level": "write"}
		if got, want := b.set("level", "write"), expected(e, filter); got != want {
			t.Errorf("the page shows %q, want %q", got, want)
		}
		b.click("Ada Hopper 13: everything that this person has")
		value[bool](b, `(document.getElementById("findings-title").scrollIntoView(), true)`)
		b.screenshot("large-findings")
	})
	t.Run("is read by keyboard", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, mediumPage, 1280, 900)
		const room = `document.querySelector("regular-table").scrollWidth`
		wide := value[int](b, room)
		b.press(kb.ArrowDown, kb.ArrowRight, kb.Enter)
		b.says("Ada Dijkstra 130 on team-00-service-1", "No access")
		b.press(kb.Escape)
		if b.panel() != "" {
			t.Error("Escape does not close the panel")
		}
		b.press(kb.End, kb.PageDown, kb.PageDown, kb.Enter)
		b.says("on team-14-service-9")
		b.seen()
		b.press(kb.Escape, kb.Home, kb.Enter)
		b.says("Role")
		b.press(kb.Escape, kb.ArrowRight, kb.PageUp, kb.PageUp, kb.PageUp, kb.Enter)
		b.says("team-00-service-0", "Project", "Visible to")
		b.seen()
		b.press(kb.Escape)
		if now := value[int](b, room); now != wide {
			t.Errorf("there is room to scroll for %d pixels, was %d", now, wide)
		}
	})
	t.Run("fits a narrow window, and is dark", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, mediumPage, 800, 900)
		if wide := value[int](b, "document.documentElement.scrollWidth"); wide > 800 {
			t.Errorf("the page is %d wide in a window of 800", wide)
		}
		b.scheme("dark")
		b.click("team-00-service-3 in project P00: everybody who has access")
		b.screenshot("medium-narrow-dark")
		projectsAreNotCutOff(t, open(t, browser, render(t, "Access to acme", mixed()), 800, 900))
	})
	t.Run("can be read in light and dark", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		b.click("Grace Hopper on api: write, with a finding")
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			b.contrasts(scheme)
		}
		light := value[string](b, `(document.getElementById("theme").click(), getComputedStyle(document.body).backgroundColor)`)
		dark := value[string](b, `(document.getElementById("theme").click(), getComputedStyle(document.body).backgroundColor)`)
		if light != "rgb(246, 247, 249)" || dark != "rgb(18, 22, 28)" {
			t.Errorf("the button changes the background to %s and %s", light, dark)
		}
	})
	t.Run("prints a list", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		b.set("level", "admin")
		value[bool](b, `window.dispatchEvent(new Event("beforeprint"))`)
		do(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		text := value[string](b, `document.body.innerText`)
		for _, want := range []string{"(level: admin)", "Linus Torvalds\tledger\tadmin", "Redundant grants"} {
			if !strings.Contains(text, want) {
				t.Errorf("on paper there is no %q in\n%s", want, text)
			}
		}
		if n := value[int](b, `document.querySelectorAll("#print tbody tr").length`); n != 6 {
			t.Errorf("on paper there are %d rows, want 6", n)
		}
		b.screenshot("small-print")
	})
	t.Run("takes hostile names for names", func(t *testing.T) {
		t.Parallel()
		const title = "</title><script>document.title = 1</script>"
		b := open(t, browser, render(t, title, named(hostileNames...)), 1280, 900)
		if got := value[string](b, "document.title"); got != title {
			t.Errorf("the title is %q, want %q", got, title)
		}
		for range hostileNames {
			value[bool](b, `(document.querySelector("regular-table td.admin:not(.seen)").click(), true)`)
			b.says("admin on repository", "write on project")
			b.settle()
			value[bool](b, `(document.querySelector("regular-table td.admin:not(.seen)").classList.add("seen"), true)`)
		}
		if n := value[int](b, `document.querySelectorAll("img, iframe, object").length + document.scripts.length`); n != 3 {
			t.Errorf("there are %d elements that run or load something, want the three scripts", n)
		}
	})
	t.Run("runs nothing but its own script", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, smallPage, 1280, 900)
		value[bool](b, `(document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='document.title = 1'><a href='javascript:document.title = 1'>"),
			document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 1" })), true)`)
		b.settle()
		if title := value[string](b, "document.title"); title != "Access to acme" {
			t.Errorf("markup that got into the page has run: the title is %q", title)
		}
		if len(b.forgiven()) < 3 {
			t.Error("the browser did not refuse to run markup and to load a picture")
		}
	})
	t.Run("says that there is nothing", func(t *testing.T) {
		t.Parallel()
		b := open(t, browser, render(t, "Access to acme", &access.Effective{Workspace: "acme"}), 1280, 900)
		if text := value[string](b, "document.body.innerText"); !strings.Contains(text, "Nothing matches") || !strings.Contains(text, "Nothing to look at") {
			t.Errorf("a page of nothing says:\n%s", text)
		}
	})
}
