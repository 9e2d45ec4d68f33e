@echo off
rem Idiolect from a checkout: sets up what is missing, then runs. Without arguments: the app.
setlocal
set "ROOT=%~dp0"
set "EXTRAS=app"
for %%C in (train evaluate learn) do if /i "%~1"=="%%C" set "EXTRAS=app,training"
call "%ROOT%packaging\environment.cmd" "%EXTRAS%" || exit /b 1
for %%C in (-h --help --version doctor models toggle start stop undo cancel raise quit) do if /i "%~1"=="%%C" goto run
for %%M in (base language) do (
    if not exist "%MODELS%\%%M\idiolect.json" "%VENV%\Scripts\idiolect.exe" models fetch %%M
)
:run
"%VENV%\Scripts\idiolect.exe" %*
exit /b %ERRORLEVEL%
